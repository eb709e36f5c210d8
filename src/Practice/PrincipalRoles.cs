using Calendaring.Store;

namespace Practice;

/// <summary>What the number means that the store keeps of a principal.</summary>
public static class PrincipalRoles
{
    /// <summary>What is read of a principal's row.</summary>
    /// <param name="principal">The principal.</param>
    extension(Principal principal)
    {
        /// <summary>What the principal may be.</summary>
        public PrincipalRole Role => (PrincipalRole)principal.Kind;
    }
}
