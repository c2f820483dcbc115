'use client'

import { useMemo } from 'react'
import { draftOf, fieldsOfDraft } from '#components/prompts/editor/draft.ts'
import type { Base } from '#components/prompts/editor/stored-draft.ts'
import type { DraftHandle } from '#components/prompts/editor/use-draft.ts'
import { useFormValues } from '#components/prompts/test/use-form-values.ts'
import { useLiveRender } from '#components/prompts/test/use-live-render.ts'
import type { IncludeTree } from '#lib/liquid/types.ts'
import { isEdited, type Written } from './run-request.ts'

/** The text and the values as they stand, and their rendering. */
export function useWritten(options: {
  prompt: string
  label: string | undefined
  handle: DraftHandle
  base: Base
  /** The includes of the saved version. */
  includes: IncludeTree
}) {
  const { prompt, label, handle, base, includes } = options
  const [values, setValues] = useFormValues(prompt)
  const { content, variables: declared } = useMemo(() => fieldsOfDraft(handle.draft), [handle.draft])
  const tested = useMemo(() => ({ content, variables: declared }), [content, declared])
  const isSaved = useMemo(
    () => !isEdited({ base: asEdited(base), content, declared }),
    [base, content, declared],
  )
  const live = useLiveRender(tested, values, isSaved ? includes : undefined)
  const written: Written = {
    prompt,
    label,
    version: base.version,
    base: asEdited(base),
    content,
    declared,
    variables: live.variables,
  }
  return { values, setValues, live, written, isSaved }
}

/** The saved version, as an unchanged editor would hold it. */
function asEdited({ fields }: Base): Base['fields'] {
  return fieldsOfDraft(draftOf(fields))
}
