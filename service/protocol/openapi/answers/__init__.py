"""What answers bear beside their body: headers, links to go on with, and problems with an example of each."""
