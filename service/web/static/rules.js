// The rule of a schedule by choice: `[data-rule]` writes what its controls say into the field of the rule, which stays
// the truth and can be written by hand where the kind is `own`.

const READY = {
  "first-weekday": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
  "last-weekday": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
};

export function begin(root) {
  for (const place of root.querySelectorAll("[data-rule]")) {
    const kind = place.querySelector("[data-rule-kind]");
    const rule = place.querySelector('[name="/rule"]');
    const write = () => {
      rule.readOnly = kind.value !== "own";
      const said = ruleOf(kind.value, place);
      if (said && rule.value !== said) {
        rule.value = said;
        // Whatever was wrong with the rule before is gone, and whoever listens wants to know.
        rule.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };
    place.addEventListener("change", write);
    rule.readOnly = kind.value !== "own";
  }
}

function ruleOf(kind, place) {
  if (kind === "month-day") return `FREQ=MONTHLY;BYMONTHDAY=${place.querySelector("[data-rule-day]").value}`;
  if (kind === "weekly") {
    const days = [...place.querySelectorAll("[data-rule-weekdays] input:checked")].map((one) => one.value);
    return days.length ? `FREQ=WEEKLY;BYDAY=${days.join(",")}` : "";
  }
  return READY[kind] ?? "";
}
