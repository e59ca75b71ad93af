// Marks in the contents the section that is read, and opens a folded one that is led to.
const setUpContents = () => {
  const links = [...document.querySelectorAll(".contents a")];
  const sections = links.map((link) => document.getElementById(link.hash.slice(1)));
  const mark = () => {
    const at = sections.findLastIndex((section) => section.getBoundingClientRect().top < innerHeight / 4);
    const atEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 8;
    const here = atEnd ? links.length - 1 : Math.max(0, at);
    links.forEach((link, place) => {
      if (place === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    const within = target.querySelector(":scope > details");
    if (within && target.matches("section") && target.firstElementChild === within) within.open = true;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("scroll", mark, { passive: true });
  addEventListener("resize", mark);
  addEventListener("hashchange", open);
  open();
  mark();
};
