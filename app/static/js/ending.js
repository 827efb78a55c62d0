/* One question before a chat is ended for good. */
import { find, say, show } from "./dom.js";

export function ending(end) {
  const dialog = find("end-dialog");
  const error = find("end-error");
  const button = find("end");
  find("end-ask").addEventListener("click", () => {
    show(error, false);
    dialog.showModal();
  });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await end();
      dialog.close();
    } catch {
      error.querySelector("span").textContent = say("end_failed");
      show(error, true);
    } finally {
      button.disabled = false;
    }
  });
  return dialog;
}
