// Buttons that copy: `data-copy` is the id of the element whose text they take.

export function begin(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    const said = button.textContent;
    button.addEventListener("click", async () => {
      button.textContent = (await copied(document.getElementById(button.dataset.copy))) ? "Copied" : "Copy it by hand";
      setTimeout(() => { button.textContent = said; }, 1500);
    });
  }
}

// Browsers lend the clipboard only to pages over TLS or of this machine; elsewhere the text is marked instead.
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}
