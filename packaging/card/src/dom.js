// Elements. Every text becomes a text node: no string is ever read as markup.
export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter((one) => one !== undefined && one !== false && one !== null && one !== ""));
  return made;
}

/** What somebody wrote, in its own direction, without turning what stands around it. */
export const theirs = (text) => h("bdi", { dir: "auto" }, text);
