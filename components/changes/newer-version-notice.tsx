'use client'

import Link from 'next/link'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { useNewerVersion } from './use-newer-version.ts'

/** Says that somebody else saved a version meanwhile, with the ways to see it and to join both. */
export function NewerVersionNotice({
  name,
  baseVersion,
  onMerge,
}: {
  name: string
  baseVersion: number
  /** Opens ConflictView. */
  onMerge: () => void
}) {
  const newer = useNewerVersion(name, baseVersion)
  return (
    <div aria-live="polite">
      {newer && (
        <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg bg-lapis-wash px-4 py-2 text-sm">
          <p className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
            <strong className="font-medium">{newer.author.display}</strong> saved version {newer.version}
            {newer.message && <>: “{newer.message}”</>}. Your text is as you left it.
          </p>
          <div className="flex gap-2">
            <Link
              href={`/prompts/${name}/versions?from=${baseVersion}&to=${newer.version}`}
              target="_blank"
              className={buttonClass('outline')}
            >
              See the change
            </Link>
            <Button onPress={onMerge}>Merge</Button>
          </div>
        </div>
      )}
    </div>
  )
}
