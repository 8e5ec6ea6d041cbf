package org.gradus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.data.Form;
import org.gradus.data.augment.Augmentation;
import org.gradus.data.augment.Border;
import org.gradus.data.augment.ColorJitter;
import org.gradus.data.augment.Crop;
import org.gradus.data.augment.CutMix;
import org.gradus.data.augment.Cutout;
import org.gradus.data.augment.Elastic;
import org.gradus.data.augment.HorizontalFlip;
import org.gradus.data.augment.Mixup;
import org.gradus.data.augment.Noise;
import org.gradus.data.augment.ResizedCrop;
import org.gradus.data.augment.Rotation;
import org.gradus.data.augment.Scale;
import org.gradus.data.augment.Shear;
import org.gradus.data.augment.Translation;
import org.gradus.data.augment.VerticalFlip;
import org.gradus.formats.TomlValue;

/// The table `[augment]`. A new augmentation is a row, whose example has the defaults.
final class Augmentations {
    static final Records<Augmentation> TYPES = new Records<Augmentation>()
            .with("color_jitter", new ColorJitter(0.2, 0.2, 0.2, 0.05))
            .with("crop", Crop.padded(4))
            .with("cutmix", new CutMix(1))
            .with("cutout", Cutout.of(8))
            .with("elastic", Elastic.of())
            .with("horizontal_flip", new HorizontalFlip(0.5))
            .with("mixup", new Mixup(1))
            .with("noise", new Noise(0.1))
            .with("resized_crop", ResizedCrop.of())
            .with("rotation", new Rotation(15, Border.ZEROS))
            .with("scale", new Scale(0.9, 1.1, Border.ZEROS))
            .with("shear", new Shear(10, 0, Border.ZEROS))
            .with("translation", new Translation(0.1, 0.1, Border.ZEROS))
            .with("vertical_flip", new VerticalFlip(0.5));

    private static final String STEP = "step";

    private Augmentations() {}

    /// Those of the list `step`, each a table, or the name of one with its defaults.
    ///
    /// @param form of the examples
    static List<Augmentation> read(Table table, Form form) {
        List<Augmentation> steps = new ArrayList<>();
        List<Map<String, Object>> said = new ArrayList<>();
        for (TomlValue item : table.has(STEP) ? table.items(STEP) : List.<TomlValue>of()) {
            Table step = table.table(
                    STEP, item.value() instanceof String ? new TomlValue(Map.of("type", item), item.line()) : item);
            step.value("type");
            Augmentation one = TYPES.read(step, step.text("type", ""));
            step.end();
            boolean text = form instanceof Form.Text;
            if (text || !(form instanceof Form.Image || one.takesRows())) {
                String wanted = text ? "nothing for a text" : "`noise` or `mixup` for rows of a table";
                throw step.refused("type", wanted, step.value("type"));
            }
            steps.add(one);
            said.add(step.complete());
        }
        table.noted(STEP, said);
        table.end();
        return steps;
    }
}
