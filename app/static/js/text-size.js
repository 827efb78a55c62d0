/* Text size in three steps, the profile's until the customer chooses: the root's size changes, everything set in rem follows. */
import { find, label, say } from "./dom.js";
import { choice } from "./resume.js";

const STEPS = ["small", "regular", "huge"];

export function textSize() {
  const button = find("text-size");
  let step = [choice("text"), document.body.dataset.textDefault].find((one) => STEPS.includes(one)) ?? "regular";
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
