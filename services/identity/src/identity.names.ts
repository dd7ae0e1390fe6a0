/** The service's name in events and positions, and its schema. */
export const IDENTITY_SOURCE = 'identity';
export const IDENTITY_SCHEMA = 'identity';
