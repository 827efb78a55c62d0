/* High contrast, where the widget offers it. */
import { find, label, say } from "./dom.js";
import { choice } from "./resume.js";

export function contrast() {
  const button = find("contrast");
  if (!button) return;
  let on = choice("contrast") === "more";
  const apply = () => {
    if (on) document.documentElement.dataset.contrast = "more";
    else delete document.documentElement.dataset.contrast;
    button.setAttribute("aria-pressed", String(on));
    label(button, say(on ? "contrast_on" : "contrast_off"));
  };
  button.addEventListener("click", () => {
    on = !on;
    choice("contrast", on ? "more" : "");
    apply();
  });
  apply();
}
