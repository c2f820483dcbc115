'use client'

import './globals.css'

/** When even the frame of the pages fails: plain, without anything that could fail again. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return (
    <html lang="en">
      <head>
        <title>Something failed · Incipit</title>
      </head>
      <body>
        <main className="flex flex-col items-start gap-5 px-4 py-20 sm:px-8">
          <h1 className="rubricated font-serif text-4xl tracking-tight">This page did not come out right</h1>
          <p className="max-w-prose text-ink-soft">
            Nothing that was saved is lost. Try again; if it stays, whoever runs the server finds more in its
            log
            {error.digest ? (
              <>
                {' '}
                under <code className="break-all font-mono text-ink text-sm">{error.digest}</code>
              </>
            ) : null}
            .
          </p>
          <div className="flex gap-4">
            <button
              type="button"
              onClick={reset}
              className="h-8 rounded-md bg-fill px-3 font-medium text-on-fill text-sm"
            >
              Try again
            </button>
            {/* A full load: the router itself may have failed. */}
            <button
              type="button"
              onClick={() => window.location.assign('/prompts')}
              className="h-8 rounded-md border border-line-strong px-3 font-medium text-sm"
            >
              All prompts
            </button>
          </div>
        </main>
      </body>
    </html>
  )
}
