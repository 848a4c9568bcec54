import { visible } from "../format";

/**
 * Text from the store: isolated (a right-to-left name does not turn its surroundings), with hidden
 * characters written out, cut where it is absurdly long. `whole` shows the rest when hovered.
 */
export function Text({
  value,
  limit = 300,
  whole = false,
}: {
  value: string;
  limit?: number;
  whole?: boolean;
}) {
  return <bdi title={whole ? visible(value, 1000) : undefined}>{visible(value, limit)}</bdi>;
}
