'use client'

import { useQueryState } from 'nuqs'
import { useEffect, useEffectEvent } from 'react'
import { draftOf } from '#components/prompts/editor/draft.ts'
import type { Base } from '#components/prompts/editor/stored-draft.ts'
import type { DraftHandle } from '#components/prompts/editor/use-draft.ts'
import { type FormValues, formOf } from '#components/prompts/test/form-values.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Generation } from '#lib/generations/schema.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import type { PromptContent } from '#lib/prompts/content/content.ts'
import { playgroundParsers } from './playground-state.ts'

/** The parts of a generation that the playground takes over. */
export interface TakenOver {
  id: string
  values: Generation['variables']
  /** The edited text that it ran; undefined: the text of its version. */
  text: { content: PromptContent; variables: readonly Variable[] | undefined } | undefined
}

/** Puts the text and the values of a generation in the place of the current ones, once; it can be undone. */
export function useTakeOver(options: {
  taken: TakenOver | undefined
  base: Base
  handle: DraftHandle
  values: FormValues
  setValues: (values: FormValues) => void
}): void {
  const [, setFrom] = useQueryState('from', playgroundParsers.from)
  const { taken, handle } = options
  const { isReady } = handle
  const takeOver = useEffectEvent(() => {
    const { base, values, setValues } = options
    if (taken === undefined) return
    const before = handle.draft
    const mine = draftOf({ ...base.fields, ...textOf(taken, base) })
    handle.change({ type: 'reset', draft: mine })
    setValues(formOf(taken.values))
    void setFrom(null, { history: 'replace', scroll: false })
    if (!handle.isDirty && Object.keys(values).length === 0) return
    showToast({
      key: 'taken over',
      message: 'Text and values are those of the generation.',
      action: {
        label: 'Undo',
        run: () => {
          handle.change({ type: 'reset', draft: before })
          setValues(values)
        },
      },
    })
  })
  const id = taken?.id
  useEffect(() => {
    if (isReady && id !== undefined) takeOver()
  }, [isReady, id])
}

function textOf({ text }: TakenOver, { fields }: Base): Pick<Base['fields'], 'content' | 'variables'> {
  if (text === undefined) return fields
  return { content: text.content, variables: text.variables ?? fields.variables }
}
