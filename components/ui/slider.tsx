import { Slider as Primitive } from "radix-ui";
import { cn } from "./cn";

export interface SliderProps {
  value: number;
  min: number;
  max: number;
  step: number;
  label: string;
  onValueChange: (value: number) => void;
  className?: string;
}

export function Slider({ value, label, onValueChange, className, ...range }: SliderProps) {
  return (
    <Primitive.Root
      {...range}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onValueChange(next)}
      className={cn("relative flex h-4 w-24 touch-none select-none items-center", className)}
    >
      <Primitive.Track className="relative h-1 grow rounded-full bg-line">
        <Primitive.Range className="absolute h-full rounded-full bg-muted" />
      </Primitive.Track>
      <Primitive.Thumb aria-label={label} className="block size-3 rounded-full border-2 border-fg bg-panel" />
    </Primitive.Root>
  );
}
