// The map on a canvas: its points, the names of themes, and what is selected.
const UNITS = [1000, 620]; // as reports/charts/maps.py lays the points out
const FAINT = 0.12;
const PICTURE = 22; // pixels of a side
const HALO = 4;

// The outlines of a point about its middle, all of about one area.
const OUTLINES = {
  circle: (path, x, y, r) => { path.moveTo(x + r, y); path.arc(x, y, r, 0, 2 * Math.PI); },
  square: (path, x, y, r) => path.rect(x - 0.89 * r, y - 0.89 * r, 1.77 * r, 1.77 * r),
  diamond: (path, x, y, r) => polygon(path, [[x, y - 1.25 * r], [x + 1.25 * r, y], [x, y + 1.25 * r], [x - 1.25 * r, y]]),
  "triangle-up": (path, x, y, r) => polygon(path, [[x, y - 1.4 * r], [x + 1.25 * r, y + 0.85 * r], [x - 1.25 * r, y + 0.85 * r]]),
};

const polygon = (path, [first, ...rest]) => {
  path.moveTo(...first);
  for (const corner of rest) path.lineTo(...corner);
  path.closePath();
};

// The pixels of a point that are seen: how far right and down of its middle each stands, how much of what is below
// shows through it, of 256, and what it adds to that in red, green and blue.
const pixelsOf = ({ data, width: side }) => {
  const seen = [];
  for (let from = 0; from < data.length; from += 4) {
    const opacity = data[from + 3] / 255;
    if (!opacity) continue;
    const [column, row] = [(from / 4) % side, Math.floor(from / 4 / side)];
    const added = [0, 1, 2].map((channel) => Math.round(256 * opacity * data[from + channel]) + 128); // rounds what >> 8 cuts
    seen.push(column - side / 2, row - side / 2, Math.round(256 * (1 - opacity)), ...added);
  }
  return Int32Array.from(seen);
};

// Lays the pixels of a point over opaque ones, about a middle.
const blend = ({ data: ground, width, height }, pixels, x, y) => {
  for (let from = 0; from < pixels.length; from += 6) {
    const column = x + pixels[from];
    const row = y + pixels[from + 1];
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const to = 4 * (row * width + column);
    const through = pixels[from + 2];
    ground[to] = (ground[to] * through + pixels[from + 3]) >> 8;
    ground[to + 1] = (ground[to + 1] * through + pixels[from + 4]) >> 8;
    ground[to + 2] = (ground[to + 2] * through + pixels[from + 5]) >> 8;
  }
};

class MapCanvas {
  constructor(box) {
    this.canvas = make("canvas", {});
    this.brush = this.canvas.getContext("2d", { willReadFrequently: true });
    box.append(this.canvas);
    this.pictures = new Map();
    this.see({ left: 0, top: 0, size: 1 });
  }

  fit(width, height) {
    const dense = window.devicePixelRatio || 1;
    Object.assign(this, { width, height, dense });
    Object.assign(this.canvas, { width: Math.round(width * dense), height: Math.round(height * dense) });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.brush.setTransform(dense, 0, 0, dense, 0, 0);
    this.ground = new ImageData(this.canvas.width, this.canvas.height);
  }

  see(camera) {
    this.camera = camera;
  }

  // Where a place of the map's units is seen, in pixels.
  at(x, y) {
    const { left, top, size } = this.camera;
    return [((x / UNITS[0] - left) / size) * this.width, ((y / UNITS[1] - top) / size) * this.height];
  }

  sees([x, y], slack = 0) {
    return x >= -slack && y >= -slack && x <= this.width + slack && y <= this.height + slack;
  }

  // A picture once it is there; until then the page is told to draw again when it is.
  picture(source, ready) {
    if (!this.pictures.has(source)) {
      const image = new Image();
      image.addEventListener("load", ready);
      image.src = source;
      this.pictures.set(source, image);
    }
    const image = this.pictures.get(source);
    return image.complete && image.naturalWidth ? image : null;
  }

  draw({ points, labels, selected, ink, paper, again }) {
    const near = Math.sqrt(1 / this.camera.size);
    this.drawPoints(points.filter((point) => !point.image), Math.sqrt(near), ink, paper);
    for (const point of points) if (point.image) this.drawPicture(point, near, again);
    if (selected) this.drawSelected(selected, near, ink, paper);
    for (const label of labels) this.drawLabel(label, paper);
  }

  // Every look is drawn once, and its pixels are blended in: that is far faster than drawing each point.
  drawPoints(points, grown, ink, paper) {
    const { brush, dense, ground } = this;
    new Uint32Array(ground.data.buffer).fill(this.pixelOf(paper));
    const stamps = new Map();
    for (const point of points) {
      const at = this.at(point.x, point.y);
      if (!this.sees(at, 20)) continue;
      if (!stamps.has(point.look)) stamps.set(point.look, this.stamp(point, point.radius * grown, ink, paper));
      blend(ground, stamps.get(point.look), Math.round(at[0] * dense), Math.round(at[1] * dense));
    }
    brush.putImageData(ground, 0, 0);
  }

  // An opaque colour as the four bytes of a pixel.
  pixelOf(color) {
    const brush = make("canvas", { width: 1, height: 1 }).getContext("2d");
    brush.fillStyle = color;
    brush.fillRect(0, 0, 1, 1);
    return new Uint32Array(brush.getImageData(0, 0, 1, 1).data.buffer)[0];
  }

  // The pixels of a point.
  stamp(point, radius, ink, paper) {
    const half = Math.ceil((1.4 * radius + 1) * this.dense);
    const brush = make("canvas", { width: 2 * half, height: 2 * half }).getContext("2d");
    brush.scale(this.dense, this.dense);
    Object.assign(brush, { globalAlpha: point.opacity, fillStyle: point.color, strokeStyle: point.hit ? ink : paper, lineWidth: point.hit ? 1.5 : 0.5 });
    brush.beginPath();
    OUTLINES[point.shape](brush, half / this.dense, half / this.dense, radius);
    brush.fill();
    brush.stroke();
    return pixelsOf(brush.getImageData(0, 0, 2 * half, 2 * half));
  }

  drawPicture(point, near, again) {
    const [x, y] = this.at(point.x, point.y);
    const side = PICTURE * near;
    if (!this.sees([x, y], side)) return;
    const { brush } = this;
    const image = this.picture(point.image, again);
    brush.globalAlpha = point.opacity;
    brush.fillStyle = point.color;
    brush.beginPath();
    brush.arc(x, y, 0.69 * side, 0, 2 * Math.PI);
    brush.fill();
    if (image) brush.drawImage(image, x - side / 2, y - side / 2, side, side);
    brush.globalAlpha = 1;
  }

  // A ring about a point, and lines to those that are related to it.
  drawSelected({ point, related, chosen }, near, ink, paper) {
    const { brush } = this;
    const [x, y] = this.at(point.x, point.y);
    const ring = (place, radius, width) => {
      brush.beginPath();
      brush.arc(...place, radius, 0, 2 * Math.PI);
      Object.assign(brush, { strokeStyle: paper, lineWidth: width + 2 });
      brush.stroke();
      Object.assign(brush, { strokeStyle: ink, lineWidth: width });
      brush.stroke();
    };
    const reach = (one) => (one.image ? 0.7 * PICTURE * near : one.radius * Math.sqrt(near));
    brush.globalAlpha = 0.55;
    for (const other of related) {
      brush.beginPath();
      brush.moveTo(x, y);
      brush.lineTo(...this.at(other.x, other.y));
      Object.assign(brush, { strokeStyle: ink, lineWidth: 1 });
      brush.stroke();
    }
    brush.globalAlpha = 1;
    for (const other of related) ring(this.at(other.x, other.y), reach(other) + 2, 1);
    ring([x, y], reach(point) + 4, chosen ? 2.5 : 1.5);
  }

  drawLabel({ text, x, y, color, font }, paper) {
    const { brush } = this;
    Object.assign(brush, { font, textAlign: "center", textBaseline: "middle", lineJoin: "round", strokeStyle: paper, lineWidth: HALO, fillStyle: color });
    brush.strokeText(text, ...this.at(x, y));
    brush.fillText(text, ...this.at(x, y));
  }

  widthOf(text, font) {
    this.brush.font = font;
    return this.brush.measureText(text).width;
  }
}
