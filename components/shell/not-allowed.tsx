import { WaysOn } from './ways-on.tsx'

/** In the place of what the reader's role does not include. */
export function NotAllowed() {
  return (
    <div className="flex flex-col items-start gap-5 py-16">
      <h1 className="rubricated text-balance font-serif text-4xl tracking-tight">Not open to your role</h1>
      <p className="max-w-prose text-ink-soft">
        Your role does not include this page. An admin or an owner can change it.
      </p>
      <WaysOn />
    </div>
  )
}
