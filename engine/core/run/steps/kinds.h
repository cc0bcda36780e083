// The kinds of steps, each in a file of its own. Internal to this folder: others ask logic_of().
#pragma once

#include "core/run/step_logic.h"

namespace relance::steps {

const StepLogic& fetch();
const StepLogic& charge();
const StepLogic& send();
const StepLogic& wait();
const StepLogic& await();
const StepLogic& decide();
const StepLogic& act();
const StepLogic& hold();
const StepLogic& release();
const StepLogic& handoff();
const StepLogic& record();
const StepLogic& stop();
const StepLogic& start_flow();

}  // namespace relance::steps
