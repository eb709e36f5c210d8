using Calendaring.Store;

namespace Practice.Hx;

/// <summary>What the number means that the store keeps of a collection.</summary>
public static class HxCollections
{
    /// <summary>What is read of a collection's row.</summary>
    /// <param name="collection">The collection.</param>
    extension(Collection collection)
    {
        /// <summary>Whether it is a practitioner's HX_ calendar: its objects are the appointments of the diary.</summary>
        public bool IsHx => collection.Kind == HxCalendar.Kind;
    }
}
