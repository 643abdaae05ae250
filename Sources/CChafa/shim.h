#ifndef FACET_CHAFA_SHIM_H
#define FACET_CHAFA_SHIM_H

#include <chafa.h>

#endif
