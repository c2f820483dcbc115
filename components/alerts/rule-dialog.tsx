'use client'

import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { Rule } from '#lib/alerts/schema.ts'
import { call, problemOf } from '#lib/rest/client.ts'
import { DestinationFields } from './destination-fields.tsx'
import { PastTest } from './past-test.tsx'
import { ALERTS } from './queries.ts'
import { RuleFields } from './rule-fields.tsx'
import { conditionOf, type RuleValues, useRuleForm } from './rule-form.ts'

/** Makes a rule, or changes one. */
export function RuleDialog({
  rule,
  hasMail,
  onClose,
}: {
  /** Left out: a new one. */
  rule?: Rule | undefined
  hasMail: boolean
  onClose: () => void
}) {
  const queries = useQueryClient()
  const form = useRuleForm(rule, async (values) => {
    await save(rule, values)
    await queries.invalidateQueries({ queryKey: ALERTS })
    showToast({ message: `“${values.name.trim()}” is ${values.enabled ? 'on' : 'saved, and off'}.` })
    onClose()
  })
  return (
    <FormDialog
      title={rule ? rule.name : 'New alert'}
      form={form}
      action={rule ? 'Save' : 'Make the alert'}
      isRoomy
      onClose={onClose}
    >
      <RuleFields form={form} />
      <DestinationFields form={form} hasMail={hasMail} />
      <PastTest form={form} />
      <Switch isOn={form.values.enabled} onChange={(enabled) => form.set({ enabled })}>
        {form.values.enabled ? 'It is on' : 'It is off'}
      </Switch>
    </FormDialog>
  )
}

async function save(rule: Rule | undefined, values: RuleValues): Promise<void> {
  const { name, enabled, webhooks, members } = values
  const body = {
    name: name.trim(),
    enabled,
    condition: conditionOf(values),
    destinations: { webhooks, members },
  }
  try {
    if (rule === undefined) await call('POST /api/alerts', { body })
    else await call('PATCH /api/alerts/{id}', { params: { id: rule.id }, ifMatch: rule.etag, body })
  } catch (error) {
    throw atFields(error)
  }
}

/** Faults of the condition stand at the fields of the form, which are not nested. */
function atFields(error: unknown): unknown {
  for (const fault of problemOf(error)?.errors ?? [])
    if (fault.path[0] === 'condition' || fault.path[0] === 'destinations') fault.path.shift()
  return error
}
