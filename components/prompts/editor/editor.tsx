'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useRef, useState } from 'react'
import { useGuard } from '#components/access/person.tsx'
import { NewerVersionNotice } from '#components/changes/newer-version-notice.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { IncludeTree } from '#lib/liquid/types.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { draftOf } from '../draft/draft.ts'
import { DraftNotice } from '../draft/draft-notice.tsx'
import { SaveVersion, useSaveVersion } from '../draft/save-version.tsx'
import { baseOf } from '../draft/stored-draft.ts'
import { useDraft, useFollowing } from '../draft/use-draft.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { SaveBar } from './save-bar.tsx'
import { Workspace, type WorkspaceHandle } from './workspace.tsx'

/** The newest version of a prompt, to write the next one. */
export function Editor({
  prompt,
  includes,
  children,
}: {
  prompt: Prompt
  includes: IncludeTree
  /** Stands below the details: relations and other facts. */
  children?: ReactNode
}) {
  const { name } = prompt
  const { handle, base, save, workspace } = useNextVersion(prompt)
  const { isDirty } = handle
  const production = prompt.labels.find(({ label }) => label === PRODUCTION)?.version
  return (
    <>
      <NewerVersionNotice name={name} baseVersion={base.version} onMerge={() => save.setMerging(true)} />
      <Workspace
        ref={workspace}
        handle={handle}
        refused={save.refused}
        footer={children}
        saved={{
          name,
          version: base.version,
          label: production === base.version ? PRODUCTION : null,
          includes,
        }}
        toolbar={
          <SaveBar
            isDirty={isDirty}
            saved={{ name, version: base.version, production }}
            onDiscard={handle.discard}
            onSave={() => void save.open()}
          />
        }
      >
        {prompt.redacted_at !== null && (
          <p className="mb-3 rounded-lg bg-sunken px-4 py-2 text-sm">
            The text of version {prompt.version} was erased. What you write here becomes the next version.
          </p>
        )}
        <DraftNotice handle={handle} newest={prompt.latest_version} onMerge={() => save.setMerging(true)} />
      </Workspace>
      <SaveVersion prompt={prompt} handle={handle} base={base} saving={save} />
      <LeaveGuard isDirty={isDirty} onDiscard={handle.discard} />
    </>
  )
}

/** The draft of a prompt's next version, and the way to save it. */
function useNextVersion(prompt: Prompt) {
  const router = useRouter()
  const guard = useGuard()
  const [first] = useState(() => baseOf(prompt))
  const [blank] = useState(() => draftOf(first.fields))
  const handle = useDraft(prompt.name, first, blank)
  const workspace = useRef<WorkspaceHandle>(null)
  useFollowing(prompt, handle)
  const base = handle.base ?? first
  const save = useSaveVersion({
    prompt,
    handle,
    base,
    onSaved: () => router.refresh(),
    onGoTo: (problem) => workspace.current?.goTo(problem),
  })
  useActions([
    {
      id: 'prompt.save',
      name: 'Save a version',
      group: 'This prompt',
      keys: 'mod+s',
      run: guard('prompts:write', () => void save.open()),
    },
  ])
  return { handle, base, save, workspace }
}
