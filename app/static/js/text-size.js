/* Text size in three steps: the root's size changes, everything set in rem follows. */
import { find, label, say } from "./dom.js";
import { choice } from "./resume.js";

const STEPS = ["small", "regular", "large"];

export function textSize() {
  const button = find("text-size");
  let step = STEPS.includes(choice("text")) ? choice("text") : "regular";
  const apply = () => {
    document.documentElement.dataset.text = step;
    label(button, say(`text_${step}`));
  };
  button.addEventListener("click", () => {
    step = STEPS[(STEPS.indexOf(step) + 1) % STEPS.length];
    choice("text", step);
    apply();
  });
  apply();
}
