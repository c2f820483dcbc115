/** A category's colour. It only decorates: the name always stands beside it. */
export function CategoryMark({ color }: { color: string | null | undefined }) {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-2 shrink-0 rounded-full bg-line-strong"
      style={color ? { backgroundColor: color } : undefined}
    />
  )
}
