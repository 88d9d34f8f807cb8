// Tabs: one panel at a time; arrow keys go from tab to tab.

/** Make the page's tabs work; gives a function that opens one by its name and knows the current one. */
export function tabs(opened) {
  const all = [...document.querySelectorAll("[role='tab']")];
  const open = (name) => {
    open.current = name;
    for (const tab of all) {
      const chosen = tab.getAttribute("aria-controls") === name;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
    }
    opened(name);
  };
  open.current = "start";
  all.forEach((tab, k) => {
    tab.onclick = () => open(tab.getAttribute("aria-controls"));
    tab.onkeydown = (event) => {
      const next = { ArrowRight: k + 1, ArrowLeft: k - 1, Home: 0, End: all.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      const to = all[(next + all.length) % all.length];
      to.focus();
      to.click();
    };
  });
  return open;
}
