// Lists of names as checkboxes: `[data-members]` keeps the chosen ones in its hidden field, which the form sends.

export function begin(root) {
  for (const group of root.querySelectorAll("[data-members]")) {
    keep(group);
    group.addEventListener("change", () => keep(group));
  }
}

function keep(group) {
  const chosen = [...group.querySelectorAll("input:checked")].map((one) => one.value);
  group.querySelector("input[type=hidden]").value = JSON.stringify(chosen);
}
