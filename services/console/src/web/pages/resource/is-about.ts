import type { LogEvent } from '../../api/schemas';

/** Whether an event changes what is known of the resource. */
export const isAbout = (id: string) => (event: LogEvent): boolean => event.key === id || event.stream.includes(id);
