// A box drawn over the map with a pointer, in pixels: with the shift key held, or while `wanted` says so.
const setUpBox = (map, wanted, drawn) => {
  const frame = make("div", { class: "frame", hidden: "" });
  map.parentElement.append(frame);
  let from = null;
  const placeOf = (event) => {
    const { left, top, width, height } = map.getBoundingClientRect();
    return [Math.max(0, Math.min(width, event.clientX - left)), Math.max(0, Math.min(height, event.clientY - top))];
  };
  const edges = (event) => {
    const to = placeOf(event);
    return [0, 1].flatMap((axis) => [Math.min(from[axis], to[axis]), Math.max(from[axis], to[axis])]);
  };
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  map.addEventListener("pointerdown", (event) => {
    if (event.button || !(event.shiftKey || wanted())) return;
    take(event);
    from = placeOf(event);
    map.setPointerCapture(event.pointerId);
    map.focus({ preventScroll: true });
  });
  map.addEventListener("pointermove", (event) => {
    if (!from) return;
    take(event);
    const [left, right, top, bottom] = edges(event);
    Object.assign(frame.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
    frame.hidden = right - left < SLACK && bottom - top < SLACK;
  });
  map.addEventListener("pointerup", (event) => {
    if (!from) return;
    take(event);
    const box = edges(event);
    from = null;
    if (!frame.hidden) {
      map.addEventListener("click", take, { capture: true, once: true });
      drawn(box);
    }
    frame.hidden = true;
  });
  map.addEventListener("pointercancel", () => {
    from = null;
    frame.hidden = true;
  });
};
