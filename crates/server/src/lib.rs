//! Pages and API: routes, sessions, templates, live events.
