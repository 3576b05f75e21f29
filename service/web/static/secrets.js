// Secrets that an answer shows once: a form with `data-secret="ID"` gives way to the element of that id, where
// `[data-secret-text]` takes the secret. It is kept nowhere: the next page does not have it.

export function begin(root) {
  for (const form of root.querySelectorAll("form[data-secret]")) {
    form.addEventListener("tokencast:answered", (event) => show(form, event.detail.document));
  }
}

function show(form, answer) {
  const place = document.getElementById(form.dataset.secret);
  const text = place.querySelector("[data-secret-text]");
  // A repeated request is answered without it.
  text.textContent = answer.secret ?? "It was shown before and is kept nowhere: make another one.";
  form.hidden = true;
  place.hidden = false;
  place.focus();
}
