'use client'

import {
  type ComponentProps,
  type ReactNode,
  type RefObject,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { type Form, useForm } from '#components/forms/use-form.ts'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { describedBy, Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { EMAIL_LENGTH } from '#lib/people/rules.ts'
import { Wait } from './wait.tsx'

type Texts = Record<string, string>

/** A form whose fields the browser and password managers fill in. */
export type Entry<V extends Texts> = Form<V> & {
  element: RefObject<HTMLFormElement | null>
  /** Nothing is accepted before this time, in milliseconds. */
  waitUntil?: number | undefined
}

/**
 * A form whose values are read from its fields when it is sent: what a password manager filled in before or without
 * an event counts as typed.
 */
export function useEntry<V extends Texts>(empty: V, send: (values: V) => unknown): Entry<V> {
  const element = useRef<HTMLFormElement>(null)
  const read = () => {
    const found = Object.fromEntries(new FormData(element.current ?? undefined)) as Texts
    return Object.fromEntries(Object.keys(empty).map((field) => [field, found[field] ?? ''])) as V
  }
  return { ...useForm<V>({ values: empty, send: () => send(read()) }), element }
}

const never = () => () => undefined

/** False until the page's script has taken hold of it. */
function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}

/**
 * The fields of an entry, the fault of the whole, and the button. Method and action are what password managers
 * go by; nothing is sent by them, and so the button waits for the page's script.
 */
export function EntryForm<V extends Texts>({
  entry,
  action,
  label,
  sendingLabel,
  onCancel,
  children,
}: {
  entry: Entry<V>
  action: string
  label: string
  sendingLabel: string
  /** In a dialog: gives it up. */
  onCancel?: () => void
  children: ReactNode
}) {
  const inBrowser = useInBrowser()
  const { waitUntil, element } = entry
  const fault = entry.faults['']
  const submit = (
    <Button look="primary" type="submit" isDisabled={!inBrowser} className={onCancel ? undefined : 'h-10'}>
      {entry.isSending ? sendingLabel : label}
    </Button>
  )
  return (
    <form
      ref={element}
      method="post"
      action={action}
      onSubmit={entry.submit}
      noValidate
      className="flex flex-col gap-5"
    >
      {children}
      {fault && (
        <p role="alert" className="rounded-md bg-rubric-wash px-3 py-2 text-sm">
          {fault}
          {waitUntil !== undefined && <Wait until={waitUntil} />}
        </p>
      )}
      {onCancel ? (
        <div className="flex justify-end gap-2">
          <Button onPress={onCancel}>Cancel</Button>
          {submit}
        </div>
      ) : (
        submit
      )}
    </form>
  )
}

interface FieldProps<V extends Texts> extends Omit<ComponentProps<'input'>, 'form' | 'id' | 'name'> {
  entry: Entry<V>
  field: keyof V & string
  label: string
  hint?: ReactNode
  aside?: ReactNode
}

/** One field of an entry. */
export function EntryField<V extends Texts>(props: FieldProps<V>) {
  const { entry, field, label, hint, aside, className, ...input } = props
  const id = `${entry.id}-${field}`
  const error = entry.faults[field]
  return (
    <Field id={id} label={label} hint={hint} aside={aside} error={error}>
      <TextInput
        spellCheck={false}
        autoCapitalize="none"
        {...input}
        id={id}
        name={field}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, hint, error)}
        onChange={({ target }) => entry.set({ [field]: target.value } as Partial<V>)}
        className={classNames('h-10 read-only:bg-sunken read-only:text-ink-soft sm:text-base', className)}
      />
    </Field>
  )
}

/** An e-mail address to enter; or one's own, by which password managers know the account. */
export function EmailField<V extends Texts & { email: string }>({
  entry,
  own,
}: {
  entry: Entry<V>
  own?: string
}) {
  const isOwn = own !== undefined
  return (
    <EntryField
      entry={entry}
      field="email"
      label="E-mail"
      type="email"
      autoComplete="username"
      {...(isOwn ? { defaultValue: own, readOnly: true } : { maxLength: EMAIL_LENGTH, required: true })}
    />
  )
}

/** A password, which can be looked at while it is typed. */
export function PasswordField<V extends Texts>(props: Omit<FieldProps<V>, 'aside' | 'type'>) {
  const [isShown, setShown] = useState(false)
  return (
    <EntryField
      {...props}
      type={isShown ? 'text' : 'password'}
      aside={
        <button
          type="button"
          aria-controls={`${props.entry.id}-${props.field}`}
          onClick={() => setShown(!isShown)}
          className="-my-1 min-h-6 rounded px-1 text-lapis underline-offset-2 hover:underline"
        >
          {isShown ? 'Hide' : 'Show'}
          <span className="sr-only"> the {props.label.toLowerCase()}</span>
        </button>
      }
    />
  )
}
