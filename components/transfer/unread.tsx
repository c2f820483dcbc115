import { counted } from '#components/ui/format.ts'

/** Files that hold no prompt, folded: mostly read-me files and pictures. */
export function Unread({ paths }: { paths: readonly string[] }) {
  if (paths.length === 0) return null
  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer rounded text-ink-soft">
        {counted(paths.length, 'file')} without a prompt
      </summary>
      <ul className="mt-2 max-h-60 overflow-auto font-mono text-ink-faint text-xs">
        {paths.map((path) => (
          <li key={path} className="truncate" title={path}>
            {path}
          </li>
        ))}
      </ul>
    </details>
  )
}
