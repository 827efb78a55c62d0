/* Buttons that copy the text of another element. Without a clipboard they stay hidden: the text can be selected. */
const SHOWN_MS = 2000;

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  const words = button.querySelector("[data-copy-text]");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    words.textContent = words.dataset.done;
    setTimeout(() => (words.textContent = before), SHOWN_MS);
  });
}
