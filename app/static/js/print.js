// The transcript's Print button: shown only where there is a script that can print.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => window.print());
