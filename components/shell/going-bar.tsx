'use client'

import { useGoing } from './use-going.ts'

/** A bar at the top while the next page takes longer than a fifth of a second. */
export function GoingBar() {
  const going = useGoing()
  return (
    <output className="pointer-events-none fixed inset-x-0 top-0 z-50 block h-0.5 overflow-hidden print:hidden">
      {going !== undefined && (
        // Named anew for each address: the wait begins again.
        <span key={going} data-going="" className="going-bar block h-full bg-rubric">
          <span className="sr-only">The page is loading.</span>
        </span>
      )}
    </output>
  )
}
