/// The files of Scenarios/bsm1/ as they stand there, so that the installed program verifies what users run; a test compares them.
enum BSM1Files {
    static let all: [(name: String, text: String)] = [
        ("closed-loop-constant-sensors.yaml", closedLoopConstantSensorsYaml),
        ("closed-loop-constant.yaml", closedLoopConstantYaml),
        ("closed-loop-dry-sensors.yaml", closedLoopDrySensorsYaml),
        ("closed-loop-dry.yaml", closedLoopDryYaml),
        ("influent-dry.csv", influentDryCsv),
        ("open-loop-constant.yaml", openLoopConstantYaml),
        ("open-loop-dry.yaml", openLoopDryYaml),
    ]

    static let closedLoopConstantSensorsYaml = #"""
        ciyao: 1
        title: BSM1 in closed loop with sensor and actuator models, constant influent
        title-zh: BSM1 闭环,传感器与执行器模型,恒定进水
        extends: closed-loop-constant.yaml
        note: The benchmark's sensor and actuator models without noise. The steady state is that of ideal ones.
        nodes:
          nitrate-control:
            source: Alex et al. 2018, BSM1, nitrate controller; sensor of class B0, 8 lags, T90 10 min, T = T90/11.7724, range 0 to 10 mg/L
            sensor-lags: 8
            sensor-lag: 0.849444 min
            sensor-minimum: 0 mg/L
            sensor-maximum: 10 mg/L
          oxygen-control:
            source: >-
              Alex et al. 2018, BSM1, oxygen controller; sensor of class A, 2 lags, T90 1 min, range 0 to 10 mg/L; aeration of 2 lags, T90 4 min;
              T = T90/3.89
            sensor-lags: 2
            sensor-lag: 0.257069 min
            sensor-minimum: 0 mg/L
            sensor-maximum: 10 mg/L
            actuator-lags: 2
            actuator-lag: 1.028278 min

        """#

    static let closedLoopConstantYaml = #"""
        ciyao: 1
        title: BSM1 in closed loop, constant influent
        title-zh: BSM1 闭环,恒定进水
        extends: open-loop-constant.yaml
        note: >-
          The benchmark's two controllers with ideal sensors: nitrate in tank 2 by the internal recycle, oxygen in tank 5 by its aeration. The recycle
          pump follows its controller with a lag of 0.001 d, as the benchmark's does in its ideal case too.
        nodes:
          nitrate-control:
            type: pi-controller
            evidence: literature
            source: Alex et al. 2018, BSM1, nitrate controller
            sensor: tank-2.S_NO
            setpoint: 1 mg/L
            gain: 10000
            integral-time: 0.025 d
            tracking-time: 0.015 d
            offset: 18500 m3/d
            minimum: 0 m3/d
            maximum: 92230 m3/d
            actuator-lags: 1
            actuator-lag: 0.001 d
            record: true
          oxygen-control:
            type: pi-controller
            evidence: literature
            source: Alex et al. 2018, BSM1, oxygen controller
            sensor: tank-5.S_O
            setpoint: 2 mg/L
            gain: 25
            integral-time: 0.002 d
            tracking-time: 0.001 d
            offset: 144 1/d
            minimum: 0 1/d
            maximum: 360 1/d
            record: true
          tank-5:
            kla: {controller: oxygen-control}
          recycle:
            source: Alex et al. 2018, BSM1, set by the nitrate controller
            flow: {controller: nitrate-control}

        """#

    static let closedLoopDrySensorsYaml = #"""
        ciyao: 1
        title: BSM1 in closed loop with sensor and actuator models, dry weather
        title-zh: BSM1 闭环,传感器与执行器模型,旱季
        extends: closed-loop-dry.yaml
        note: The benchmark's sensor and actuator models without noise.
        initial: {steady-state: closed-loop-constant-sensors.yaml}
        nodes:
          nitrate-control:
            source: Alex et al. 2018, BSM1, nitrate controller; sensor of class B0, 8 lags, T90 10 min, T = T90/11.7724, range 0 to 10 mg/L
            sensor-lags: 8
            sensor-lag: 0.849444 min
            sensor-minimum: 0 mg/L
            sensor-maximum: 10 mg/L
          oxygen-control:
            source: >-
              Alex et al. 2018, BSM1, oxygen controller; sensor of class A, 2 lags, T90 1 min, range 0 to 10 mg/L; aeration of 2 lags, T90 4 min;
              T = T90/3.89
            sensor-lags: 2
            sensor-lag: 0.257069 min
            sensor-minimum: 0 mg/L
            sensor-maximum: 10 mg/L
            actuator-lags: 2
            actuator-lag: 1.028278 min

        """#

    static let closedLoopDryYaml = #"""
        ciyao: 1
        title: BSM1 in closed loop, dry weather
        title-zh: BSM1 闭环,旱季
        extends: closed-loop-constant.yaml
        note: >-
          The 14 days of the dry-weather influent twice over, from the steady state of the constant one; the last 7 days are evaluated.
        time: {end: 28 d, evaluate: {from: 21 d, to: 28 d}}
        initial: {steady-state: closed-loop-constant.yaml}
        tolerance: 1e-5
        nodes:
          influent:
            source: Alex et al. 2018, BSM1, dry-weather file
            flow: {file: influent-dry.csv, column: Q, interpolation: linear, repeat: true}
            quality:
              S_I: {file: influent-dry.csv, column: S_I, interpolation: linear, repeat: true}
              S_S: {file: influent-dry.csv, column: S_S, interpolation: linear, repeat: true}
              X_I: {file: influent-dry.csv, column: X_I, interpolation: linear, repeat: true}
              X_S: {file: influent-dry.csv, column: X_S, interpolation: linear, repeat: true}
              X_BH: {file: influent-dry.csv, column: X_BH, interpolation: linear, repeat: true}
              S_NH: {file: influent-dry.csv, column: S_NH, interpolation: linear, repeat: true}
              S_ND: {file: influent-dry.csv, column: S_ND, interpolation: linear, repeat: true}
              X_ND: {file: influent-dry.csv, column: X_ND, interpolation: linear, repeat: true}
              S_ALK: {file: influent-dry.csv, column: S_ALK, interpolation: linear, repeat: true}

        """#

    static let openLoopConstantYaml = #"""
        ciyao: 1
        title: BSM1 in open loop, constant influent
        title-zh: BSM1 开环,恒定进水
        note: >-
          Benchmark Simulation Model no. 1 (Alex et al. 2018, IWA Task Group), open loop: five tanks, internal recycle and settler as published,
          influent of the stabilisation run. The settler's dissolved-component layers and flux rule are those of the benchmark.
        time: {start: 0 d, end: 14 d, report: 15 min}
        components: asm1
        initial: {steady-state: mean}
        tolerance: 1e-6
        nodes:
          influent:
            type: influent
            evidence: literature
            source: Alex et al. 2018, BSM1, stabilisation influent
            flow: 18446 m3/d
            quality:
              S_I: 30 mg/L
              S_S: 69.5 mg/L
              X_I: 51.2 mg/L
              X_S: 202.32 mg/L
              X_BH: 28.17 mg/L
              S_NH: 31.56 mg/L
              S_ND: 6.95 mg/L
              X_ND: 10.59 mg/L
              S_ALK: 7 mol/m3
            to: tank-1
          tank-1:
            type: reactor
            evidence: literature
            source: Alex et al. 2018, BSM1
            volume: 1000 m3
            kla: 0 1/d
            oxygen-saturation: 8 mg/L
            temperature-mode: fixed
            temperature: 15 degC
            to: tank-2
          tank-2:
            type: reactor
            evidence: literature
            source: Alex et al. 2018, BSM1
            volume: 1000 m3
            kla: 0 1/d
            oxygen-saturation: 8 mg/L
            temperature-mode: fixed
            temperature: 15 degC
            to: tank-3
          tank-3:
            type: reactor
            evidence: literature
            source: Alex et al. 2018, BSM1
            volume: 1333 m3
            kla: 240 1/d
            oxygen-saturation: 8 mg/L
            temperature-mode: fixed
            temperature: 15 degC
            to: tank-4
          tank-4:
            type: reactor
            evidence: literature
            source: Alex et al. 2018, BSM1
            volume: 1333 m3
            kla: 240 1/d
            oxygen-saturation: 8 mg/L
            temperature-mode: fixed
            temperature: 15 degC
            to: tank-5
          tank-5:
            type: reactor
            evidence: literature
            source: Alex et al. 2018, BSM1
            volume: 1333 m3
            kla: 84 1/d
            oxygen-saturation: 8 mg/L
            temperature-mode: fixed
            temperature: 15 degC
            to: recycle
          recycle:
            type: splitter
            evidence: literature
            source: Alex et al. 2018, BSM1, Qa = 3 x 18446 m3/d
            flow: 55338 m3/d
            outlets: {internal: {to: tank-1}, forward: {to: settler}}
          settler:
            type: settler
            evidence: literature
            source: Alex et al. 2018, BSM1
            area: 1500 m2
            underflow: 18831 m3/d
            composition: memoryless
            flux-rule: published
            outlets: {effluent: {to: outside}, underflow: {to: wasting}}
          wasting:
            type: splitter
            evidence: literature
            source: Alex et al. 2018, BSM1, Qw = 385 m3/d
            flow: 385 m3/d
            outlets: {waste: {to: outside}, return: {to: tank-1}}
        sections:
          effluent: {at: settler.effluent, record: all}
          underflow: {at: settler.underflow, record: all}

        """#

    static let openLoopDryYaml = #"""
        ciyao: 1
        title: BSM1 in open loop, dry weather
        title-zh: BSM1 开环,旱季
        extends: open-loop-constant.yaml
        note: >-
          The 14 days of the dry-weather influent twice over, from the steady state of the constant one; the last 7 days are evaluated.
        time: {end: 28 d, evaluate: {from: 21 d, to: 28 d}}
        initial: {steady-state: open-loop-constant.yaml}
        tolerance: 1e-5
        nodes:
          influent:
            source: Alex et al. 2018, BSM1, dry-weather file
            flow: {file: influent-dry.csv, column: Q, interpolation: linear, repeat: true}
            quality:
              S_I: {file: influent-dry.csv, column: S_I, interpolation: linear, repeat: true}
              S_S: {file: influent-dry.csv, column: S_S, interpolation: linear, repeat: true}
              X_I: {file: influent-dry.csv, column: X_I, interpolation: linear, repeat: true}
              X_S: {file: influent-dry.csv, column: X_S, interpolation: linear, repeat: true}
              X_BH: {file: influent-dry.csv, column: X_BH, interpolation: linear, repeat: true}
              S_NH: {file: influent-dry.csv, column: S_NH, interpolation: linear, repeat: true}
              S_ND: {file: influent-dry.csv, column: S_ND, interpolation: linear, repeat: true}
              X_ND: {file: influent-dry.csv, column: X_ND, interpolation: linear, repeat: true}
              S_ALK: {file: influent-dry.csv, column: S_ALK, interpolation: linear, repeat: true}

        """#
}
