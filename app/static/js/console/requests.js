/* What htmx asks for, and what the agent reads when it goes wrong. */
import { say } from "../dom.js";
import { toast } from "./toast.js";

/* done(id of the target) and failed() follow something that was posted; signedOut() any request. */
export function requests({ done, failed, signedOut }) {
  // Without a server there is no answer; htmx would write that down as a fault of the page.
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    ctx.fetch = (...what) =>
      fetch(...what).catch((error) => {
        if (error.name === "AbortError") throw error;
        ctx.unreachable = true;
        return new Response("", { status: 503 });
      });
  });
  // The answer would send the page to the sign-in at once, and with it what the agent is just reading.
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.status !== 401) return;
    event.preventDefault();
    signedOut();
  });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.request.method === "POST" && ctx.response.status < 400) done(ctx.target?.id);
  });
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const posted = ctx.request.method === "POST";
    // That the server is away is told by the link's own words; a press of a button is answered.
    if (ctx.response.status === 422 || (ctx.unreachable && !posted)) return;
    toast(new DOMParser().parseFromString(ctx.text ?? "", "text/html").body.textContent.trim().slice(0, 300) || say("failed"));
    if (posted && !ctx.unreachable) failed();
  });
  document.addEventListener("htmx:error", () => toast(say("failed")));
}
