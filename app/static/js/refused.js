/* A page in place of the chat tells the loader to take the button away. */
import { Parent } from "./frame-messages.js";

const { parent, refused } = document.body.dataset;
new Parent(parent).tell("refused", { code: refused });
