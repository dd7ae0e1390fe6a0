let wanted: string | undefined;

/** The field gets the focus: now, or as soon as the page that has it is there. */
export function giveFocus(id: string): void {
  const field = document.getElementById(id);
  field?.focus();
  wanted = field ? undefined : id;
}

/** Whether the field that has just appeared was meant. */
export function takeFocus(id: string): boolean {
  const meant = wanted === id;
  if (meant) wanted = undefined;
  return meant;
}
