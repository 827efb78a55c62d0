/* What the browser keeps as JSON: for the tab ("session") or for longer ("local"). Touching storage may throw, so both only try. */
const AREAS = { session: () => sessionStorage, local: () => localStorage };

/* The value kept there; null where there is none, or none of ours, or no storage at all. */
export function load(key, area = "session") {
  try {
    return JSON.parse(AREAS[area]().getItem(key));
  } catch {
    return null;
  }
}

/* False where nothing can be kept. Null takes the value away. */
export function save(key, value, area = "session") {
  try {
    if (value === null) AREAS[area]().removeItem(key);
    else AREAS[area]().setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
