import { layout, layoutSteps } from "./layout";

/**
 * The layout as one function without ties to the rest: its text is a worker's script too. The build
 * puts everything that it needs inside of it (build.mjs); as it stands here it serves the tests.
 */
export function engine(): { layout: typeof layout; layoutSteps: typeof layoutSteps } {
  return { layout, layoutSteps };
}
