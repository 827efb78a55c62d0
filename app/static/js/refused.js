/* A page in place of the chat. Who is in the middle of a chat goes on with it; else the loader takes the button away. */
import { Parent } from "./frame-messages.js";
import { remembered } from "./resume.js";

const { parent, refused, poc } = document.body.dataset;
if (refused === "unavailable" && remembered(poc) && !/[?&]resume=1/.test(location.search)) location.replace(`${location.href.split("#")[0]}&resume=1`);
else new Parent(parent).tell("refused", { code: refused });
