// The container that JupyterLab asks for the extension (webpack's module federation, by hand: it is two functions).

import { extension, type LuminoClass } from "./renderer";

interface Shared {
  get(): Promise<() => unknown>;
}
type Scope = Record<string, Record<string, Shared> | undefined>;
interface Container {
  init(scope: Scope): void;
  get(module: string): Promise<() => unknown>;
}

const NAME = "jupyter-artifacts";
const LUMINO = "@lumino/widgets";
let shared: Scope = {};

const container: Container = {
  init(scope) {
    shared = scope;
  },
  async get(module) {
    if (module !== "./mimeExtension") throw new Error(`${NAME} has no module ${module}`);
    const offered = Object.values(shared[LUMINO] ?? {})[0];
    if (!offered) throw new Error(`${NAME}: this JupyterLab offers no ${LUMINO}`);
    const { Widget } = (await offered.get())() as { Widget: LuminoClass };
    const made = { __esModule: true, default: extension(Widget) };
    return () => made;
  },
};

const page = window as unknown as { _JUPYTERLAB?: Record<string, Container> };
page._JUPYTERLAB ??= {};
page._JUPYTERLAB[NAME] = container;
