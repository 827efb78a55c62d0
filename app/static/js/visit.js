/* What this window knows of its customer: where they come from, which chat is theirs, and what they wrote that is not sent yet. */
import { paramsOfAddress } from "./params.js";
import { forget, remember, remembered } from "./resume.js";

export class Visit {
  token = null;
  params = paramsOfAddress(location.search);
  page = new URLSearchParams(location.search).get("page_url") ?? document.referrer; // of a page loaded again in another language
  identity = undefined;
  carried = null; // {text, items}: from another window, another tab, or a chat that is lost

  constructor(poc) {
    this.poc = poc;
  }

  /* From the page that frames us, or from the window that we came out of. */
  settle({ params, page, identity }) {
    if (params?.length) this.params = params;
    this.page = page ?? this.page;
    this.identity = identity ?? this.identity;
  }

  /* What goes along with the start of a chat. */
  get facts() {
    const { lang, dataset } = document.documentElement;
    return { params: this.params, identity: this.identity, locale: lang, page_url: this.page, text_size: dataset.text };
  }

  /* All that another window needs to go on. */
  parcel(text, items) {
    const { token, params, page, identity } = this;
    return { token, params, page, identity, text, items };
  }

  get record() {
    return remembered(this.poc);
  }

  /* False where nothing can be kept. */
  keep(open, contact = this.record?.contact) {
    return remember(this.poc, { token: this.token, open, contact });
  }

  forget() {
    this.token = null;
    forget(this.poc);
  }
}
