using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Architecture;

/// <summary>What the compiled types of a project use: in their declarations, signatures, attributes and method bodies. Razor pages are types as well.</summary>
internal sealed class Compiled(ModuleDefinition module)
{
    private const string RazorItem = "Microsoft.AspNetCore.Razor.Hosting.RazorCompiledItemAttribute";

    /// <summary>The arrows to other folders, those of the projects below included.</summary>
    public IEnumerable<Arrow> Arrows(SourceTree own, IReadOnlyCollection<SourceTree> all)
    {
        var pages = Pages();
        foreach (var type in module.Types)
        {
            if (FolderOf(type, own, pages) is not { } from) continue;
            foreach (var used in UsedBy(type).Select(Outermost).Distinct(ByName.Instance))
            {
                var to = all.Select(tree => tree.FolderOfType(NameOf(used))).FirstOrDefault(folder => folder is not null);
                if (to is not null && to != from) yield return new Arrow(from, to, NameOf(type), NameOf(used));
            }
        }
    }

    private static string? FolderOf(TypeDefinition type, SourceTree own, Dictionary<string, string> pages) =>
        pages.TryGetValue(type.FullName, out var file) ? own.FolderOf(file.Split('/'))
        : type is { Namespace: "", Name: "Program" } ? own.Project
        : own.FolderOfType(NameOf(type));

    // by the type that was made of it: the path of a page
    private Dictionary<string, string> Pages() => module.Assembly.CustomAttributes
        .Where(attribute => attribute.AttributeType.FullName == RazorItem)
        .ToDictionary(attribute => ((TypeReference)attribute.ConstructorArguments[0].Value).FullName, attribute => ((string)attribute.ConstructorArguments[2].Value).TrimStart('/'));

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is not null) type = type.DeclaringType;
        return type;
    }

    private static string NameOf(TypeReference type) => type.FullName.Split('`')[0];

    private static IEnumerable<TypeReference> UsedBy(TypeDefinition type) =>
        Declared(type).Concat(type.Fields.SelectMany(field => Named(field.FieldType).Concat(Attributes(field))))
            .Concat(type.Properties.SelectMany(Attributes)).Concat(type.Events.SelectMany(Attributes))
            .Concat(type.Methods.SelectMany(UsedBy)).Concat(type.NestedTypes.SelectMany(UsedBy));

    private static IEnumerable<TypeReference> Declared(TypeDefinition type) =>
        Named(type.BaseType).Concat(type.Interfaces.SelectMany(one => Named(one.InterfaceType))).Concat(Attributes(type)).Concat(Constraints(type));

    private static IEnumerable<TypeReference> UsedBy(MethodDefinition method)
    {
        var signature = Named(method.ReturnType).Concat(Attributes(method.MethodReturnType)).Concat(method.Parameters.SelectMany(parameter => Named(parameter.ParameterType).Concat(Attributes(parameter))))
            .Concat(Attributes(method)).Concat(Constraints(method));
        return method.HasBody ? signature.Concat(UsedBy(method.Body)) : signature;
    }

    private static IEnumerable<TypeReference> UsedBy(MethodBody body) =>
        body.Variables.SelectMany(variable => Named(variable.VariableType))
            .Concat(body.ExceptionHandlers.SelectMany(handler => Named(handler.CatchType)))
            .Concat(body.Instructions.SelectMany(UsedBy));

    private static IEnumerable<TypeReference> UsedBy(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => Named(type),
        GenericInstanceMethod method => Named(method.DeclaringType).Concat(method.GenericArguments.SelectMany(Named)),
        MemberReference member => Named(member.DeclaringType),
        _ => [],
    };

    private static IEnumerable<TypeReference> Constraints(IGenericParameterProvider generic) =>
        generic.GenericParameters.SelectMany(parameter => parameter.Constraints.SelectMany(constraint => Named(constraint.ConstraintType)));

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) => provider.CustomAttributes.SelectMany(attribute =>
        Named(attribute.AttributeType).Concat(attribute.ConstructorArguments.Concat(attribute.Properties.Select(property => property.Argument)).SelectMany(argument => Named(argument.Value as TypeReference))));

    // with what it is made of: arrays, references, generic arguments
    private static IEnumerable<TypeReference> Named(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => Named(generic.ElementType).Concat(generic.GenericArguments.SelectMany(Named)),
        TypeSpecification made => Named(made.ElementType),
        _ => [type],
    };

    private sealed class ByName : IEqualityComparer<TypeReference>
    {
        public static readonly ByName Instance = new();

        public bool Equals(TypeReference? one, TypeReference? other) => one?.FullName == other?.FullName;

        public int GetHashCode(TypeReference type) => type.FullName.GetHashCode(StringComparison.Ordinal);
    }
}
