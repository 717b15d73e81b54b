use std::collections::BTreeMap;

use anyhow::{Result, bail};

use crate::template::{Function, Template};

/// Functions that share a process of `cargo lambda watch`, and so one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FunctionGroup {
    /// The binary of each function, by logical id.
    pub binaries: BTreeMap<String, String>,
    /// What the process and all its functions find in their environment.
    pub environment: BTreeMap<String, String>,
}

/// The functions of a template, by what starts them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// Those behind routes.
    pub routed: FunctionGroup,
    /// Those behind streams.
    pub streamed: FunctionGroup,
}

impl Groups {
    /// Groups the functions of `template`. A variable that the template names for a function takes the
    /// value that `given` has for it, if any.
    pub fn of(template: &Template, given: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let routed = template.api.routes.iter().map(|route| &route.function);
        let streamed = template.streams.iter().map(|mapping| &mapping.function);
        Ok(Self {
            routed: group(template, routed, &given)?,
            streamed: group(template, streamed, &given)?,
        })
    }
}

fn group<'a>(
    template: &Template,
    ids: impl Iterator<Item = &'a String>,
    given: &impl Fn(&str) -> Option<String>,
) -> Result<FunctionGroup> {
    let mut group = FunctionGroup::default();
    let mut owners = BTreeMap::new();
    for id in ids {
        let Some(function) = template.functions.get(id) else {
            continue;
        };
        group.add_binary(function)?;
        for (name, value) in &function.environment {
            let value = given(name).unwrap_or_else(|| value.clone());
            group.add_variable(&mut owners, function, name, value)?;
        }
    }
    Ok(group)
}

impl FunctionGroup {
    fn add_binary(&mut self, function: &Function) -> Result<()> {
        let same = |(id, binary): &(&String, &String)| {
            **id != function.logical_id && **binary == function.binary
        };
        if let Some((first, _)) = self.binaries.iter().find(same) {
            let (second, binary) = (&function.logical_id, &function.binary);
            bail!("{first} and {second} run in one process here, but are both the binary {binary}");
        }
        self.binaries
            .insert(function.logical_id.clone(), function.binary.clone());
        Ok(())
    }

    fn add_variable<'a>(
        &mut self,
        owners: &mut BTreeMap<&'a str, &'a str>,
        function: &'a Function,
        name: &'a str,
        value: String,
    ) -> Result<()> {
        let owner = owners.entry(name).or_insert(&function.logical_id);
        match self.environment.get(name) {
            Some(one) if *one != value => bail!(
                "{owner} and {} run in one process here, but want {name} to be {one:?} and \
                 {value:?}; set {name} in the environment to overrule both",
                function.logical_id
            ),
            Some(_) => Ok(()),
            None => {
                self.environment.insert(name.to_owned(), value);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Options;

    fn template(second: &str) -> Template {
        let text = format!(
            "Resources:
  A:
    Type: AWS::Serverless::Function
    Metadata: {{BuildProperties: {{Binary: a}}}}
    Properties:
      Environment: {{Variables: {{SHARED: same, OWN: a, LIMIT: 1}}}}
      Events: {{One: {{Type: HttpApi, Properties: {{Method: GET, Path: /a}}}}, Two: {{Type: HttpApi, Properties: {{Method: ANY, Path: $default}}}}}}
  B:
    Type: AWS::Serverless::Function
    Metadata: {{BuildProperties: {{Binary: {second}}}}}
    Properties:
      Environment: {{Variables: {{SHARED: same, LIMIT: 2}}}}
      Events: {{One: {{Type: HttpApi, Properties: {{Method: GET, Path: /b}}}}}}
"
        );
        Template::parse(&text, Options::default()).expect("valid")
    }

    #[test]
    fn a_conflict_names_both_functions_and_the_variable() {
        let error = Groups::of(&template("b"), |_| None).expect_err("a conflict");
        assert_eq!(
            error.to_string(),
            "A and B run in one process here, but want LIMIT to be \"1\" and \"2\"; \
             set LIMIT in the environment to overrule both"
        );
    }

    #[test]
    fn the_given_environment_overrules_what_the_template_names() {
        let given = |name: &str| (name != "OWN").then(|| format!("given {name}"));
        let groups = Groups::of(&template("b"), given).expect("no conflict");
        let expected = [
            ("LIMIT", "given LIMIT"),
            ("OWN", "a"),
            ("SHARED", "given SHARED"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(groups.routed.environment, BTreeMap::from(expected));
        assert_eq!(groups.routed.binaries["B"], "b");
        assert_eq!(groups.streamed, FunctionGroup::default());
    }

    #[test]
    fn one_binary_cannot_be_two_functions_of_a_group() {
        let error = Groups::of(&template("a"), |_| Some("x".to_owned())).expect_err("the same");
        assert!(error.to_string().ends_with("both the binary a"), "{error}");
    }
}
