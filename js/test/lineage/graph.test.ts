// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Gestures, watchGestures } from "../../src/lineage/graph/gestures";
import { itemMove } from "../../src/lineage/graph/keys";
import {
  boxOf,
  head,
  keyOf,
  type Pen,
  sceneOf,
  thickness,
  trace,
  withMoves,
} from "../../src/lineage/graph/scene";
import { touchingOf } from "../../src/lineage/graph/touching";
import { find, pictureOf, WHOLE } from "../../src/lineage/levels";
import { generate, mulberry } from "./generate";
import { graphOf } from "./graphs";

describe("touching", () => {
  it("finds what is not wholly beside, above or below a box", () => {
    const draw = mulberry(3);
    const box = (most: number) => {
      const [left, top] = [draw() * 9000 - 2000, draw() * 9000 - 2000];
      return { left, top, right: left + draw() * most, bottom: top + draw() * most };
    };
    const boxes = Array.from({ length: 900 }, () => box(1500));
    const touching = touchingOf(boxes);
    for (let i = 0; i < 60; i++) {
      const asked = box(i < 30 ? 300 : 9000);
      const expected = boxes.flatMap((each, at) => {
        const apart =
          each.right < asked.left ||
          each.left > asked.right ||
          each.bottom < asked.top ||
          each.top > asked.bottom;
        return apart ? [] : [at];
      });
      expect(touching(asked)).toEqual(expected);
    }
  });
});

describe("a box that was moved by hand", () => {
  const scene = sceneOf(pictureOf(graphOf("ra>b", "b>rc", "b>rd", "rc>e", "e>b"), "exploded"));
  const item = find(scene.picture, "b");
  const moved = withMoves(scene, new Map([[keyOf(scene.picture.items[item]!), [300, -900] as const]]));

  it("takes the ends of its lines along, and nothing else", () => {
    scene.picture.edges.forEach(([from, to], edge) => {
      const [before, after] = [scene.layout.routes[edge]!.points, moved.layout.routes[edge]!.points];
      const shift = (at: number) => [after[at]! - before[at]!, after[at + 1]! - before[at + 1]!];
      expect(shift(0)).toEqual(from === item ? [300, -900] : [0, 0]);
      expect(shift(before.length - 2)).toEqual(to === item ? [300, -900] : [0, 0]);
    });
    expect(moved.layout.x.filter((x, i) => x !== scene.layout.x[i])).toHaveLength(1);
  });

  it("is found where it is now, and the picture grows with it", () => {
    expect(moved.nodes(boxOf(moved.layout, item))).toContain(item);
    expect(moved.nodes(boxOf(scene.layout, item))).not.toContain(item);
    expect(moved.layout.box.top).toBe(moved.layout.y[item]! - 22);
    const lines = scene.picture.edges.flatMap((edge, i) => (edge.includes(item) ? [i] : []));
    expect(moved.edges(moved.layout.box)).toEqual(expect.arrayContaining(lines));
  });

  it("stands where it stood where nothing was moved", () => {
    expect(withMoves(scene, new Map())).toBe(scene);
  });
});

describe("arrow keys", () => {
  const scene = sceneOf(pictureOf(graphOf("ra>b", "rc>b", "b>rd", "rd>e"), "exploded"));
  const at = (id: string) => find(scene.picture, id);
  const to = (from: string, key: string) => {
    const item = itemMove(scene, at(from), key, at("b"));
    return item === null || item < 0 ? item : scene.picture.items[item]?.id;
  };

  it("go to inputs and outputs, and stay in the column", () => {
    expect(to("b", "ArrowRight")).toBe("rd");
    expect(to("rd", "ArrowRight")).toBe("e");
    expect(to("e", "ArrowRight")).toBe(-1);
    const above = to("b", "ArrowLeft") as string;
    expect(["ra", "rc"]).toContain(above);
    const other = above === "ra" ? "rc" : "ra";
    expect([to(above, "ArrowUp"), to(above, "ArrowDown")]).toContain(other);
    expect(to("b", "ArrowUp")).toBe(-1);
  });

  it("follow the picture where outputs are below", () => {
    const turned = sceneOf(scene.picture, true);
    const below = (from: string, key: string) =>
      turned.picture.items[itemMove(turned, at(from), key, 0)!]?.id;
    expect(below("b", "ArrowDown")).toBe("rd");
    expect(below("b", "ArrowRight")).toBeUndefined();
    const above = below("b", "ArrowUp") as string;
    expect(["ra", "rc"]).toContain(above);
    expect([below(above, "ArrowLeft"), below(above, "ArrowRight")]).toContain(above === "ra" ? "rc" : "ra");
  });

  it("point arrow heads where their lines come in", () => {
    for (const down of [false, true]) {
      const { layout } = sceneOf(pictureOf(graphOf("ra>b", "b>rc", "rc>b"), "exploded"), down);
      for (const route of layout.routes) {
        const points: [number, number][] = [];
        const add = (x: number, y: number) => points.push([x, y]);
        head(route, down, { moveTo: add, lineTo: add, bezierCurveTo: () => undefined });
        const [tip, wing, other] = points as [[number, number], [number, number], [number, number]];
        const [dx, dy] = [tip[0] - (wing[0] + other[0]) / 2, tip[1] - (wing[1] + other[1]) / 2];
        const [x = 0, y = 0, endX = 0, endY = 0] = route.points.slice(-4);
        const upright = down === (route.kind === "forward");
        expect(tip).toEqual([endX, endY]);
        expect([dx, dy]).toEqual(upright ? [0, 7 * Math.sign(endY - y)] : [7 * Math.sign(endX - x), 0]);
      }
    }
  });

  it("go home, and know their keys", () => {
    expect(to("e", "Home")).toBe("b");
    expect(to("e", "x")).toBeNull();
    expect(itemMove(sceneOf(pictureOf(graphOf(), "exploded")), 0, "Home", -1)).toBeNull();
  });
});

describe("scene", () => {
  it("keeps the order of what was there when a group is opened", () => {
    const graph = generate(300);
    const before = sceneOf(pictureOf(graph, "clusters"));
    const group = before.picture.items.find((item) => item.group && item.kind === "run")!;
    const after = sceneOf(
      pictureOf(graph, "clusters", { ...WHOLE, opened: new Set([group.id]) }),
      false,
      before,
    );
    expect(after.picture.items.length).toBe(before.picture.items.length + group.members.length - 1);
    const place = new Map(after.picture.items.map(({ id }, i) => [id, i]));
    const items = before.picture.items.map(({ id }, i) => [i, place.get(id)] as const);
    for (const [a, nowA] of items) {
      for (const [b, nowB] of items) {
        if (nowA === undefined || nowB === undefined) continue;
        const [old, now] = [before.layout, after.layout];
        const together = old.layer[a] === old.layer[b] && now.layer[nowA] === now.layer[nowB];
        if (together && old.y[a]! < old.y[b]!) expect(now.y[nowA]).toBeLessThan(now.y[nowB]!);
      }
    }
  });

  it.each([false, true])("leads lines from border to border, down: %j", (down) => {
    const scene = sceneOf(pictureOf(generate(30), "grouped"), down);
    // The sides of a box where lines along the direction end, and those where lines against it do.
    const [begin, end, first, last] = down
      ? (["top", "bottom", "left", "right"] as const)
      : (["left", "right", "top", "bottom"] as const);
    const [along, across] = down ? [1, 0] : [0, 1];
    scene.layout.routes.forEach((route, i) => {
      const points: [number, number][] = [];
      const pen: Pen = {
        moveTo: (x, y) => points.push([x, y]),
        lineTo: (x, y) => points.push([x, y]),
        bezierCurveTo: (_a, _b, _c, _d, x, y) => points.push([x, y]),
      };
      trace(route, down, pen);
      const [from, to] = scene.picture.edges[i]!.map((item) => boxOf(scene.layout, item));
      if (route.kind === "forward") {
        expect(points[0]![along]).toBe(from![end]);
        expect(points.at(-1)![along]).toBe(to![begin]);
      } else {
        expect([from![first], from![last]]).toContain(points[0]![across]);
        expect([to![first], to![last]]).toContain(points.at(-1)![across]);
      }
    });
  });

  it("makes lines thicker in four steps", () => {
    expect([1, 2, 9, 10, 99, 100, 1e6].map(thickness)).toEqual([0, 1, 1, 2, 2, 3, 3]);
  });
});

describe("gestures", () => {
  afterEach(() => {
    document.body.textContent = "";
  });

  function watched() {
    const element = document.createElement("div");
    const button = document.createElement("button");
    element.append(button);
    document.body.append(element);
    element.setPointerCapture = () => undefined;
    const to = {
      pan: vi.fn(),
      drag: vi.fn(),
      zoom: vi.fn(),
      pinch: vi.fn(),
      click: vi.fn(),
    } satisfies Gestures;
    const life = new AbortController();
    watchGestures(element, to, life.signal);
    const pointer = (
      type: string,
      x: number,
      y: number,
      more: PointerEventInit = {},
      target: Element = element,
    ) =>
      target.dispatchEvent(
        new PointerEvent(type, {
          bubbles: true,
          cancelable: true,
          clientX: x,
          clientY: y,
          pointerType: "mouse",
          ...more,
        }),
      );
    const wheel = (more: WheelEventInit) => {
      const event = new WheelEvent("wheel", { bubbles: true, cancelable: true, deltaY: 40 });
      // happy-dom's wheel knows no keys.
      Object.assign(event, { ctrlKey: false, metaKey: false, ...more });
      element.dispatchEvent(event);
      return event;
    };
    const click = (target: Element = element) => {
      const event = new MouseEvent("click", {
        bubbles: true,
        cancelable: true,
        detail: 1,
        clientX: 5,
        clientY: 6,
      });
      target.dispatchEvent(event);
      return event;
    };
    return { element, button, to, life, pointer, wheel, click };
  }

  it("leave the plain wheel to the page, and zoom with Ctrl or Cmd", () => {
    const { wheel, to } = watched();
    expect(wheel({}).defaultPrevented).toBe(false);
    expect(to.zoom).not.toHaveBeenCalled();
    expect(wheel({ ctrlKey: true }).defaultPrevented).toBe(true);
    expect(wheel({ metaKey: true }).defaultPrevented).toBe(true);
    expect(to.zoom).toHaveBeenCalledTimes(2);
  });

  it("move a node that is dragged, and do not pan then", () => {
    const { pointer, to, button } = watched();
    button.dataset.item = "7";
    pointer("pointerdown", 10, 10, {}, button);
    pointer("pointermove", 30, 15);
    pointer("pointermove", 31, 15);
    expect(to.drag.mock.calls).toEqual([
      [7, 20, 5],
      [7, 1, 0],
    ]);
    expect(to.pan).not.toHaveBeenCalled();
  });

  it("pan when dragged, also from a small button, and then click nothing", () => {
    const { pointer, to, click, button } = watched();
    pointer("pointerdown", 10, 10, {}, button);
    pointer("pointermove", 12, 11);
    expect(to.pan).not.toHaveBeenCalled();
    pointer("pointermove", 30, 15);
    expect(to.pan).toHaveBeenLastCalledWith(20, 5);
    pointer("pointerup", 30, 15);
    const reached = vi.fn();
    button.addEventListener("click", reached);
    click(button);
    expect(reached).not.toHaveBeenCalled();
    click(button);
    expect(reached).toHaveBeenCalledTimes(1);
    expect(to.click).not.toHaveBeenCalled();
  });

  it("lose no click after a drag that ended without one", () => {
    const { pointer, element, click } = watched();
    pointer("pointerdown", 10, 10);
    pointer("pointermove", 90, 10);
    pointer("pointercancel", 90, 10);
    const controls = document.createElement("button");
    controls.dataset.controls = "";
    element.append(controls);
    const reached = vi.fn();
    controls.addEventListener("click", reached);
    pointer("pointerdown", 5, 5, {}, controls);
    click(controls);
    expect(reached).toHaveBeenCalledTimes(1);
  });

  it("click the background", () => {
    const { pointer, to, click } = watched();
    pointer("pointerdown", 5, 6);
    pointer("pointerup", 5, 6);
    click();
    expect(to.click).toHaveBeenCalledWith(5, 6, false);
  });

  it("pinch with two fingers, and leave one to the page", () => {
    const { pointer, to } = watched();
    const finger = (id: number) => ({ pointerType: "touch", pointerId: id });
    pointer("pointerdown", 100, 100, finger(1));
    pointer("pointermove", 100, 160, finger(1));
    expect(to.pan).not.toHaveBeenCalled();
    pointer("pointerdown", 200, 160, finger(2));
    pointer("pointermove", 300, 160, finger(2));
    expect(to.pinch).toHaveBeenCalledWith(
      [
        { x: 200, y: 160 },
        { x: 100, y: 160 },
      ],
      [
        { x: 300, y: 160 },
        { x: 100, y: 160 },
      ],
    );
  });

  it("end with the signal", () => {
    const { wheel, to, life } = watched();
    life.abort();
    wheel({ ctrlKey: true });
    expect(to.zoom).not.toHaveBeenCalled();
  });
});
