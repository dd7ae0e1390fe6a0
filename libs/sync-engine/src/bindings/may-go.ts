/** Of a binding `b`: no trigger holds what is wanted of it, or somebody approved it. What comes about around it makes only such a one due. */
export const MAY_GO = '(NOT b.held OR b.plan IS NOT NULL)';
