import { memo } from "react";
import { sparkPath } from "./prepare-spark";

export interface SparkLineProps {
  values: readonly (number | null)[];
  color: string;
  label: string;
}

const WIDTH = 120;
const HEIGHT = 24;

export const SparkLine = memo(function SparkLine({ values, color, label }: SparkLineProps) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      className="shrink-0"
    >
      <path
        d={sparkPath(values, WIDTH, HEIGHT)}
        fill="none"
        stroke={color}
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
});
