'use client'

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMay } from '#components/access/person.tsx'
import { reaches } from '#components/access/rights-words.ts'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { membersQuery } from '#components/members/queries.ts'
import { SectionHead } from '#components/settings/section-head.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { showFailure, showToast } from '#components/ui/toast.ts'
import type { LabelRule } from '#lib/label-rules/schema.ts'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import { labelFault } from '#lib/prompts/rules.ts'
import { call, currentEtag } from '#lib/rest/client.ts'
import { SLUG_LENGTH } from '#lib/slug.ts'

const rulesQuery = queryOptions({
  queryKey: ['label-rules'],
  queryFn: async ({ signal }): Promise<LabelRule[]> => (await call('GET /api/label-rules', { signal })).items,
})

/** Which labels only some may move. */
export function LabelRuleBoard({ first, readAt }: { first: LabelRule[]; readAt: number }) {
  const rules = useQuery({ ...rulesQuery, initialData: first, initialDataUpdatedAt: readAt }).data
  const { protect, keep } = useRules()
  return (
    <section aria-labelledby="labels">
      <SectionHead id="labels" title="Labels">
        A protected label is moved and removed by publishers, admins and owners alone, and by keys that were
        made to release. Everybody who writes moves the others. A label that keeps its contract is not moved
        to a version that would refuse what callers may give now, unless whoever moves it says so.
      </SectionHead>
      <ul className="divide-y divide-line border-line border-b">
        {rules.map((rule) => (
          <li key={rule.label} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 py-3">
            <div className="min-w-0">
              <h3>
                <Badge tone={rule.label === PRODUCTION ? 'rubric' : 'lapis'}>{rule.label}</Badge>
              </h3>
              {rule.label === PRODUCTION && <p className="mt-1 text-ink-faint text-xs">What agents get.</p>}
            </div>
            <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
              <Switch
                isOn={rule.contract === 'required'}
                aria-label={`${rule.label} keeps its contract`}
                onChange={(isKept) => void keep(rule, isKept)}
              >
                <span aria-hidden="true" className="w-28 text-left text-ink-soft">
                  {rule.contract === 'required' ? 'Keeps contract' : 'May break'}
                </span>
              </Switch>
              {rule.label === PRODUCTION ? (
                <p className="text-ink-soft text-sm">Always protected</p>
              ) : (
                <Switch
                  isOn={rule.protected}
                  aria-label={`${rule.label} is protected`}
                  onChange={(isProtected) => void protect(rule, isProtected)}
                >
                  <span aria-hidden="true" className="w-17 text-left text-ink-soft">
                    {rule.protected ? 'Protected' : 'Open'}
                  </span>
                </Switch>
              )}
            </div>
          </li>
        ))}
      </ul>
      <Releasers />
      <AnotherLabel rules={rules} onProtect={protect} />
    </section>
  )
}

/** Who may move protected labels now, for those who may see the members. */
function Releasers() {
  const mayList = useMay('members:write')
  const members = useQuery({ ...membersQuery, enabled: mayList }).data
  const names = members
    ?.filter(({ role, deactivated }) => !deactivated && reaches(role, 'publisher'))
    .map(({ name, categories }) => (categories === null ? name : `${name} (in ${categories.join(', ')})`))
  if (names === undefined || names.length === 0) return null
  return <p className="mt-3 text-ink-soft text-sm">Who may release now: {names.join(', ')}.</p>
}

type Protect = ReturnType<typeof useRules>['protect']

/** Shows the new rule at once; takes it back, with the reason, when it cannot be saved. */
function useRules() {
  const queries = useQueryClient()
  const show = (rule: LabelRule) =>
    queries.setQueryData(rulesQuery.queryKey, (all) => {
      const others = all?.filter(({ label }) => label !== rule.label) ?? []
      return [...others, rule].toSorted((one, other) => (one.label < other.label ? -1 : 1))
    })
  /** @param words what the label is then, for the notice */
  async function save(
    rule: LabelRule,
    changed: Partial<LabelRule>,
    words: string,
    undo: Undo,
  ): Promise<void> {
    const { label, etag } = rule
    await queries.cancelQueries({ queryKey: rulesQuery.queryKey })
    show({ ...rule, ...changed })
    try {
      const body = { protected: rule.protected, contract: rule.contract, ...changed }
      const saved = await call('PUT /api/label-rules/{label}', { params: { label }, ifMatch: etag, body })
      show(saved)
      showToast({ message: `${label} ${words}.`, action: { label: 'Undo', run: () => undo(saved) } })
    } catch (error) {
      show(rule)
      const again = { ...rule, etag: currentEtag(error) ?? etag }
      showFailure(`It could not be saved that ${label} ${words}.`, error, {
        retry: () => void save(again, changed, words, undo),
      })
      await queries.invalidateQueries({ queryKey: rulesQuery.queryKey })
    }
  }
  const protect = (rule: LabelRule, isProtected: boolean): Promise<void> =>
    save(
      rule,
      { protected: isProtected },
      isProtected ? 'is protected' : 'is open to all who write',
      (saved) => void protect(saved, !isProtected),
    )
  const keep = (rule: LabelRule, isKept: boolean): Promise<void> =>
    save(
      rule,
      { contract: isKept ? 'required' : 'off' },
      isKept ? 'keeps its contract' : 'may break its callers',
      (saved) => void keep(saved, !isKept),
    )
  return { protect, keep }
}

type Undo = (saved: LabelRule) => void

/** Protects a label before any prompt has it. */
function AnotherLabel({ rules, onProtect }: { rules: readonly LabelRule[]; onProtect: Protect }) {
  const form = useForm({
    values: { label: '' },
    check: ({ label }) => ({
      label: rules.some((rule) => rule.label === label.trim())
        ? 'It is in the list above.'
        : labelFault(label.trim()),
    }),
    send: async ({ label }) => {
      const rule = await call('GET /api/label-rules/{label}', { params: { label: label.trim() } })
      await onProtect(rule, true)
      form.set({ label: '' })
    },
  })
  return (
    <form onSubmit={form.submit} noValidate autoComplete="off" className="mt-6 flex max-w-md items-end gap-2">
      <div className="min-w-0 flex-1">
        <TextField
          form={form}
          field="label"
          label="Another label"
          placeholder="staging"
          autoCapitalize="none"
          maxLength={SLUG_LENGTH}
        />
      </div>
      <Button type="submit" className="h-9">
        Protect it
      </Button>
    </form>
  )
}
