/* Short soft tones made on the spot; never the only signal. A browser may hold sound back until the first gesture. */
import { find, label, say, useIcon } from "./dom.js";
import { choice } from "./resume.js";

const TONES = { message: [[660, 0]], joined: [[523, 0], [784, 0.14]], ended: [[523, 0], [392, 0.14]], offer: [[784, 0], [988, 0.16], [784, 0.4], [988, 0.56]] };
const LENGTH = 0.28; // seconds
const VOLUME = 0.08;

/* To the other tabs of this origin; where it may not be had, every tab is the last one. */
function channelOf(among) {
  try {
    return new BroadcastChannel(`clavardage:sound:${among}`);
  } catch {
    return null;
  }
}

export class Sound {
  #button = find("sound");
  #on = choice("sound") !== "off";
  #context;
  #held = false; // something was to sound before the page had been touched
  #last = true; // of several tabs, is this the one that was used last?
  #channel;

  /* among: what the tabs that could sound at the same time have in common; without it every tab sounds. */
  constructor(among) {
    this.#channel = among ? channelOf(among) : null;
    // Better twice than never: the tab in use is going away.
    this.#channel?.addEventListener("message", ({ data }) => (this.#last = data === "gone"));
    for (const type of ["focus", "pointerdown", "keydown", "pageshow"]) addEventListener(type, () => this.#use());
    document.addEventListener("visibilitychange", () => this.#use());
    addEventListener("pagehide", () => this.#last && this.#channel?.postMessage("gone"));
    this.#button.addEventListener("click", () => this.#toggle());
    // Made any earlier, it would be born silent and the browser would warn about it.
    for (const type of ["click", "keydown"]) addEventListener(type, () => this.#wake());
    this.#label();
  }

  /* Only the tab that was used last sounds, be it hidden or not. */
  play(name) {
    if (!this.#on || !this.#last) return;
    this.#held = this.#context?.state !== "running";
    if (this.#held) {
      this.#context?.resume().then(() => this.#label(), () => this.#label());
      this.#label();
      return;
    }
    for (const [pitch, after] of TONES[name]) this.#tone(pitch, this.#context.currentTime + after);
  }

  #use() {
    if (document.hidden) return;
    this.#last = true;
    this.#channel?.postMessage("used");
  }

  #tone(pitch, at) {
    const oscillator = new OscillatorNode(this.#context, { type: "sine", frequency: pitch });
    const gain = new GainNode(this.#context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(VOLUME, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH);
    oscillator.connect(gain).connect(this.#context.destination);
    oscillator.start(at);
    oscillator.stop(at + LENGTH);
  }

  #wake() {
    if (this.#context || navigator.userActivation?.hasBeenActive === false) return;
    this.#context = new AudioContext();
    this.#context.addEventListener("statechange", () => this.#label());
  }

  get #blocked() {
    return this.#on && this.#held && this.#context?.state !== "running";
  }

  #toggle() {
    const blocked = this.#blocked;
    this.#wake();
    if (blocked) {
      this.#context?.resume().then(() => this.#label());
      return;
    }
    this.#on = !this.#on;
    choice("sound", this.#on ? "on" : "off");
    this.#label();
    if (this.#on) this.play("message");
  }

  #label() {
    const blocked = this.#blocked;
    label(this.#button, say(blocked ? "sound_blocked" : this.#on ? "sound_on" : "sound_off"));
    useIcon(this.#button, this.#on && !blocked ? "sound" : "sound-off");
  }
}
