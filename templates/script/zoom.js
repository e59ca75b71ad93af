// What part of the map is seen, and how pointers, the wheel and keys move it.
const MOST_ZOOM = 16;
const STEP_ZOOM = 1.4;
const STEP_MOVE = 0.1;
const SLACK = 4; // so many pixels a hand trembles in a click

// The part that is seen, in shares of the whole: its left and top edge and its size; its middle stays on the map.
class Camera {
  constructor(moved) {
    this.moved = moved;
    this.set(0, 0, 1);
  }

  set(left, top, size) {
    const inside = (edge) => Math.min(1 - size / 2, Math.max(-size / 2, edge));
    Object.assign(this, { left: inside(left), top: inside(top), size });
    this.moved(this);
  }

  // Moves by shares of what is seen.
  move(x, y) {
    this.set(this.left + x * this.size, this.top + y * this.size, this.size);
  }

  // Zooms about a place, given in shares of what is seen.
  zoom(factor, x = 0.5, y = 0.5) {
    const size = Math.min(1, Math.max(1 / MOST_ZOOM, this.size / factor));
    this.set(this.left + x * (this.size - size), this.top + y * (this.size - size), size);
  }

  whole() {
    this.set(0, 0, 1);
  }
}

const distance = ([x, y], [otherX, otherY]) => Math.hypot(x - otherX, y - otherY);

// One pointer drags, two pinch: the one that moves zooms about the one that stays. A press that stays is a tap.
const setUpPointers = (box, camera, tapped) => {
  const start = new Map();
  const last = new Map();
  let dragged = false;
  const share = ([x, y]) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    return [(x - left) / width, (y - top) / height];
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!last.size) dragged = false;
    for (const places of [start, last]) places.set(event.pointerId, [event.clientX, event.clientY]);
  });
  box.addEventListener("pointermove", (event) => {
    const id = event.pointerId;
    const now = [event.clientX, event.clientY];
    if (!last.has(id) || (!dragged && distance(now, start.get(id)) < SLACK)) return;
    if (!box.hasPointerCapture(id)) box.setPointerCapture(id);
    dragged = true;
    const before = last.get(id);
    last.set(id, now);
    const others = [...last.keys()].filter((other) => other !== id);
    const [[x, y], [oldX, oldY]] = [now, before].map(share);
    if (!others.length) camera.move(oldX - x, oldY - y);
    if (others.length !== 1) return;
    const still = last.get(others[0]);
    camera.zoom(distance(now, still) / Math.max(1, distance(before, still)), ...share(still));
  });
  const release = (event) => { last.delete(event.pointerId); };
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, release);
  box.addEventListener("click", (event) => { if (!dragged) tapped(event); });
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the wheel alone scrolls the page
    event.preventDefault();
    camera.zoom(1.002 ** (-event.deltaY * 16 ** event.deltaMode), ...share([event.clientX, event.clientY]));
  }, { passive: false });
};

// `taken` is asked first about a key, and says whether it has done what that means.
const setUpKeys = (box, camera, taken) => {
  const closer = () => camera.zoom(STEP_ZOOM);
  const further = () => camera.zoom(1 / STEP_ZOOM);
  const keys = {
    "+": closer, "=": closer, "-": further, 0: () => camera.whole(),
    ArrowLeft: () => camera.move(-STEP_MOVE, 0), ArrowRight: () => camera.move(STEP_MOVE, 0),
    ArrowUp: () => camera.move(0, -STEP_MOVE), ArrowDown: () => camera.move(0, STEP_MOVE),
  };
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const done = taken(event.key) || keys[event.key];
    if (!done) return;
    event.preventDefault();
    if (done !== true) done();
  });
  document.getElementById("map-in").addEventListener("click", closer);
  document.getElementById("map-out").addEventListener("click", further);
  document.getElementById("map-whole").addEventListener("click", keys[0]);
};
